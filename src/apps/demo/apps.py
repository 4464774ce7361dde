"""The demo: a sample month in the offices of a sample country, and a tour through it. Nowhere else installed."""

from django.apps import AppConfig

from apps.ui.shape import Link

TOUR = Link("Dạo một vòng", "office", "tour")


class Demo(AppConfig):
    """`[site] demo = true`, which only `lienthong demo` writes, installs it."""

    name = "apps.demo"
    label = "demo"
    links = {"door": TOUR, "office": TOUR}
