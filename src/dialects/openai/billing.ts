import * as z from "zod";
import { type Day, dayOf, plans, usdPerNeuron } from "../../core/index.ts";
import { route, type Route } from "../route.ts";

/** What dashboards show where there is no limit. */
const noLimit = 100_000_000;

const usdOf = (microneurons: number): number => (microneurons / 1_000_000) * usdPerNeuron;

/** One API, new-api and NextChat ask for a balance so. Sources: github.com/songquanpeng/one-api, controller/channel-billing.go. */
function billingAt(prefix: string): readonly Route[] {
  return [
    route({
      method: "get",
      path: `${prefix}/dashboard/billing/subscription`,
      summary: "The plan's limit of today, in dollars",
      permission: "run",
      reply: z.object({ object: z.literal("billing_subscription"), has_payment_method: z.boolean(), hard_limit_usd: z.number() }),
      async handle({ caller }) {
        const neurons = plans[caller.account.plan].neuronsPerDay;
        const limit = neurons === undefined ? noLimit : usdOf(neurons * 1_000_000);
        return {
          json: {
            object: "billing_subscription",
            has_payment_method: true,
            hard_limit_usd: limit,
            soft_limit_usd: limit,
            system_hard_limit_usd: limit,
            access_until: 4_102_444_800, // 2100: it does not end
          },
        };
      },
    }),
    route({
      method: "get",
      path: `${prefix}/dashboard/billing/usage`,
      summary: "What the account used from one day to another, in cents",
      permission: "run",
      query: z.object({ start_date: z.string().optional(), end_date: z.string().optional() }),
      reply: z.object({ object: z.literal("list"), total_usage: z.number() }),
      async handle({ caller, ledger, query, at }) {
        const days = daysBetween(query.get("start_date"), query.get("end_date"), dayOf(at));
        const used = await Promise.all(days.map((day) => ledger.budget(caller.account.id, day)));
        const booked = used.reduce((sum, budget) => sum + budget.booked, 0);
        return { json: { object: "list", total_usage: usdOf(booked) * 100 } };
      },
    }),
  ];
}

/** Both days included, and no more than a hundred of them: that is what dashboards ask for. */
function daysBetween(from: string | null, to: string | null, today: Day): Day[] {
  const valid = (day: string | null) => (day !== null && /^\d{4}-\d\d-\d\d$/.test(day) && !Number.isNaN(Date.parse(day)) ? day : today);
  const end = [valid(to), today].toSorted()[0] ?? today;
  const days: Day[] = [];
  for (let at = Date.parse(end); days.length < 100 && dayOf(at) >= valid(from); at -= 86_400_000) days.push(dayOf(at));
  return days;
}

export const billingRoutes: readonly Route[] = [...billingAt("/v1"), ...billingAt("")];
