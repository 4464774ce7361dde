"""Accounts."""

from django.apps import AppConfig


class Accounts(AppConfig):
    """People and their sessions."""

    name = "apps.accounts"
    label = "accounts"
