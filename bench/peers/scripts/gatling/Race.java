// Gatling: all users meet at a rendezVous before each seat. A request is a success if it sold the seat, so one success is
// allowed for each seat.

import static io.gatling.javaapi.core.CoreDsl.*;
import static io.gatling.javaapi.http.HttpDsl.*;

import io.gatling.javaapi.core.*;
import java.util.stream.Stream;

public class Race extends Simulation {
  int contenders = Integer.parseInt(System.getenv("CONTENDERS"));
  String[] seats = System.getenv("SEATS").split(",");

  ChainBuilder race(String seat) {
    return rendezVous(contenders)
        .exec(
            http(seat)
                .post("/book/" + seat)
                .body(StringBody("{\"seat\":\"" + seat + "\"}"))
                .asJson()
                .check(status().is(201)));
  }

  {
    setUp(
            scenario("race")
                .exec(Stream.of(seats).map(this::race).toList())
                .injectOpen(atOnceUsers(contenders)))
        .protocols(http.baseUrl(System.getenv("URL")))
        .assertions(
            Stream.of(seats)
                .map(seat -> details(seat).successfulRequests().count().lte(1L))
                .toArray(Assertion[]::new));
  }
}
