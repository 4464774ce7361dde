"""How many applications wait for somebody."""


def waiting() -> int:
    """Those that are neither refused nor whole."""
    from apps.onboarding.models import Application  # noqa: PLC0415 - tables exist once every app is there

    return Application.objects.filter(refused_at=None, approved_at=None).count()
