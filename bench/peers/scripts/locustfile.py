# locust --headless: all users wait for one another at each seat, by an event of gevent.
import os
from collections import Counter

import gevent
from gevent.event import Event
from locust import FastHttpUser, events, task

CONTENDERS = int(os.environ["CONTENDERS"])
SEATS = os.environ["SEATS"].split(",")

arrived = Counter()
done = Counter()
sold = Counter()
opened = {seat: Event() for seat in SEATS}


class Contender(FastHttpUser):
    @task
    def race(self):
        for seat in SEATS:
            arrived[seat] += 1
            if arrived[seat] == CONTENDERS:
                opened[seat].set()
            opened[seat].wait(timeout=10)
            with self.client.post(f"/book/{seat}", json={"seat": seat}, catch_response=True) as answer:
                sold[seat] += answer.status_code == 201
                answer.success()
        done["all"] += 1
        if done["all"] == CONTENDERS:
            gevent.spawn(self.environment.runner.quit)
        Event().wait()


@events.quitting.add_listener
def judge(environment, **_):
    environment.process_exit_code = 1 if any(count > 1 for count in sold.values()) else 0
