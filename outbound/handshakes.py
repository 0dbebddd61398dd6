"""TLS over a connection that is made already, within what is left of the time for all of it."""

import socket
import ssl

from outbound.deadline import Deadline


def secured(
    connected: socket.socket,
    *,
    context: ssl.SSLContext,
    host: str,
    seconds: float,
    deadline: Deadline,
) -> ssl.SSLSocket:
    """Takes the connection's descriptor over, and closes it where this fails.

    Raises OSError, of which ssl.SSLError where the server could not prove who it is.
    """
    made = context.wrap_socket(connected, server_hostname=host, do_handshake_on_connect=False)
    try:
        # The old socket has no descriptor any more: only the new one can be cut.
        deadline.guard(made)
        made.settimeout(min(seconds, deadline.seconds_left))
        made.do_handshake()
    except BaseException:
        made.close()
        raise
    return made
