"""A real SMTP server on this machine that keeps what it takes, and misbehaves on command."""

from asyncio import Server, Transport
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class Post:
    """`answers` are given to the next mails, by the stage at which they stop them."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.attempts = 0
        self.recipient_answers: list[str] = []
        self.data_answers: list[str] = []
        self.port = 0

    async def handle_RCPT(  # noqa: N802 - named by aiosmtpd
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any
    ) -> str:
        self.attempts += 1
        if self.recipient_answers:
            return self.recipient_answers.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - named by aiosmtpd
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        if self.data_answers:
            answer = self.data_answers.pop(0)
            if not answer:
                assert isinstance(server.transport, Transport)
                server.transport.abort()
            return answer
        assert isinstance(envelope.content, bytes)
        self.taken.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 Taken"


class _OnAnyPort(Controller):
    """Asked for port 0, it looks where the system has put it before it greets itself there."""

    def _trigger_server(self) -> None:
        assert isinstance(self.server, Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def mail_server() -> Iterator[Post]:
    handler = Post()
    controller = _OnAnyPort(handler, hostname="127.0.0.1", port=0)
    controller.start()
    try:
        handler.port = controller.port
        yield handler
    finally:
        controller.stop()
