"""The doctor of a gateway: what its operator should know now, as JSON for programs and as a page."""

from lienthong.gateway.doctor.page import ADDRESS
from lienthong.gateway.doctor.routes import routes
from lienthong.gateway.doctor.seeing import Certificates, Doctor

__all__ = ["ADDRESS", "Certificates", "Doctor", "routes"]
