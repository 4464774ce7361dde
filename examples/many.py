"""python many.py COUNT RECIPIENT…: hand in many documents side by side, ask what boxes then hold."""

import asyncio
import sys

from place import place

from lienthong.client import Document, File, Metadata
from lienthong.client.aio import AsyncDesk

TOGETHER = 8  # a gateway shares itself out fairly; more at a time only wait in line


async def main(count: int, recipients: tuple[str, ...]) -> None:
    places = asyncio.Semaphore(TOGETHER)
    async with AsyncDesk(**place()) as desk:

        async def send(number: int) -> Document:
            said = Metadata(str(number), "CV-MẪU", f"Văn bản mẫu số {number}", recipients)
            file = File(f"{number}.txt", "text/plain", f"Nội dung {number}".encode())
            async with places:
                return await desk.send(said, [file], f"vi-du-nhieu-{number}")

        sent = await asyncio.gather(*(send(number) for number in range(1, count + 1)))
        print(len(sent), await desk.boxes("under-way", "arrived", "attention"))


asyncio.run(main(int(sys.argv[1]), tuple(sys.argv[2:])))
