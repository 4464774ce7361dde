"""Signing answers beforehand as a job of its own, beside or without the process. A bootstrap."""

import asyncio
from collections.abc import Callable
from functools import partial

from lienthong.adapters.answer_files import FolderAnswers
from lienthong.adapters.clock import SystemClock
from lienthong.adapters.sql.ca import ReadingRegisters
from lienthong.adapters.store_settings import StoreSettings, where
from lienthong.ca.config import Config
from lienthong.ca.folders import HouseFolder
from lienthong.ca.offices import responders
from lienthong.ca.status.answers import Answers
from lienthong.ca.status.board import Board
from lienthong.errors import ConfigurationInvalid

Tell = Callable[[str, int], None]


def presign_all(config: Config, tell: Tell) -> int:
    """An answer for every good certificate of every issuing authority; how many. `tell` hears issuer and number."""
    return asyncio.run(_presigned(config, tell))


async def _presigned(config: Config, tell: Tell) -> int:
    settings = config.office
    if settings is None or settings.answers is None:
        raise ConfigurationInvalid("[office] answers")
    home = HouseFolder.load(config.folder, config.passphrase_file)
    with ReadingRegisters.open(where(StoreSettings(settings.store), settings.data)) as registers:
        board = Board(registers, tuple(home.issuers))
        await board.follow()
        files = FolderAnswers(settings.answers)
        answers = Answers(registers, board, responders(home), SystemClock().now, files)
        return sum([await answers.presign(name, partial(tell, name)) for name in home.issuers])
