#!/bin/sh
# Three machines on ACI. race.env has the address of the Redis, with its password: keep it out of the repository.
ORDER_RUN_ID="race-$(date +%Y%m%d-%H%M%S)"
printf 'ORDER_MACHINES=3\nORDER_RUN_ID=%s\nORDER_MEET=%s\n' "$ORDER_RUN_ID" "$ORDER_MEET" > race.env
npx artillery run-aci --count 3 --region westeurope --dotenv race.env suite.yml # 0, whatever the verdict
npx artillery-plugin-race judge "$ORDER_MEET" --run "$ORDER_RUN_ID" # the verdict, and its exit code
