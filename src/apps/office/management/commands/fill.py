"""`python -m apps fill --documents 100000`: sample documents in the registers of this site's agencies, quickly."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.office.filling.fill import Wish, fill
from apps.office.models import Document


class Command(BaseCommand):
    """Fill an office for a demo or a measurement; never one that works."""

    help = "Đổ văn bản mẫu vào sổ để chạy thử / fill the registers with sample documents"

    def add_arguments(self, parser: CommandParser) -> None:
        """How many, over which time."""
        parser.add_argument("--documents", type=int, default=10_000, help="số văn bản / how many documents")
        parser.add_argument("--days", type=int, default=1_500, help="trải trên số ngày / spread over so many days")
        parser.add_argument("--seed", type=int, default=30, help="cùng số, cùng văn bản / same number, same documents")
        parser.add_argument("--among", action="store_true", help="sổ đã có văn bản / into registers that hold some")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Refused where documents are, unless one says that those are no real ones either."""
        agencies = [agency.code for agency in settings.CONFIG.agency]
        if not agencies:
            raise CommandError("Tệp cấu hình chưa có cơ quan nào. / The configuration names no agency.")
        if Document.objects.exists() and not options["among"]:
            raise CommandError(
                "Sổ đã có văn bản; chưa thêm gì. Nếu đây là bản chạy thử, thêm --among. / The registers hold "
                "documents already; nothing was added. If this is a trial, say --among."
            )
        wish = Wish(max(options["documents"], 1), max(options["days"], 1), options["seed"])
        fill(agencies, wish, lambda count: self.stdout.write(f"{count:,}/{wish.documents:,}"))
