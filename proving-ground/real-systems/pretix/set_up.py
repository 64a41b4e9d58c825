"""Creates an event with numbered seats. Its only product has the number 1.

Usage: API_TOKEN=... python set_up.py SEAT...
"""

import os
import sys
from datetime import timedelta

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "race_settings")

import django  # noqa: E402

django.setup()

from django.utils.timezone import now  # noqa: E402
from django_scopes import scopes_disabled  # noqa: E402
from pretix.base.models import Event, Organizer, Team  # noqa: E402

seats = sys.argv[1:]

with scopes_disabled():
    organizer = Organizer.objects.create(name="Race", slug="race")
    event = Event.objects.create(
        organizer=organizer,
        name="Race",
        slug="race",
        currency="EUR",
        date_from=now() + timedelta(days=30),
        live=True,
        plugins="",
    )
    item = event.items.create(name="Stalls", default_price=10)
    quota = event.quotas.create(name="Stalls", size=None)
    quota.items.add(item)
    event.seat_category_mappings.create(layout_category="Stalls", product=item)
    for number, seat in enumerate(seats, 1):
        event.seats.create(seat_guid=seat, seat_number=str(number), row_name="A", product=item)
    team = Team.objects.create(
        organizer=organizer,
        name="Race",
        all_events=True,
        all_event_permissions=True,
        all_organizer_permissions=True,
    )
    team.tokens.create(name="race", token=os.environ["API_TOKEN"])
