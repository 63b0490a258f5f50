"""What a browser may do with each kind of page: the headers that it is sent with."""

from collections.abc import Mapping

POWERS = (
    *("accelerometer", "camera", "display-capture", "geolocation", "gyroscope"),
    *("magnetometer", "microphone", "payment", "usb"),
)
"""What no page of ours asks a browser for, and none may."""


def _headers(policy: str, *, anyone_may_frame_it: bool = False) -> Mapping[str, str]:
    alone = "" if anyone_may_frame_it else "; frame-ancestors 'none'"
    return {
        "Content-Security-Policy": f"default-src 'none'; {policy}; base-uri 'none'{alone}",
        "Permissions-Policy": ", ".join(f"{power}=()" for power in POWERS),
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "cross-origin" if anyone_may_frame_it else "same-origin",
    }


# a picture may also stand in a style sheet as data
SITE_POLICY = _headers(
    "script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; "
    "form-action 'self'"
)
# Swagger UI draws its icons as data addresses, and asks this server when one tries an operation
INTERFACE_POLICY = _headers(
    "script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; "
    "form-action 'none'"
)
# the form that writes the snippet of a card shows the card in a frame
CARD_FORM_POLICY = _headers(
    "script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; "
    "frame-src 'self'; form-action 'none'"
)
TEXT_POLICY = _headers("style-src 'self'; font-src 'self'; img-src 'self'; form-action 'none'")
# any site may frame a card: the one place without a limit on who does
CARD_POLICY = _headers(
    "script-src 'self'; style-src 'self'; img-src data:; form-action 'none'",
    anyone_may_frame_it=True,
)
