"""What steps expect."""


def fails(call, code):
    """A call that must fail: with this error code, or this text in its message. Returns True, or what happened instead."""

    def attempt():
        try:
            call()
        except Exception as error:  # pylint: disable=broad-except
            actual = getattr(getattr(error, "error", None), "code", None)
            return True if code.lower() in f"{actual} {error}".lower() else f"{type(error).__name__}: {error}"
        return "it did not fail"

    return attempt


def is_true(result):
    return result is True


def names(resources):
    return [resource.name for resource in resources]
