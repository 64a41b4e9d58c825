#!/bin/sh
# Three machines on Fargate. The address of the Redis is in SSM, as /artilleryio/ORDER_MEET, and in this shell for the verdict.
ORDER_RUN_ID="race-$(date +%Y%m%d-%H%M%S)"
printf 'ORDER_MACHINES=3\nORDER_RUN_ID=%s\n' "$ORDER_RUN_ID" > race.env
npx artillery run-fargate --count 3 --region eu-west-1 --secret ORDER_MEET --dotenv race.env suite.yml # 6 where it does not pass
npx artillery-plugin-race judge "$ORDER_MEET" --run "$ORDER_RUN_ID" # the verdict, and its exit code
