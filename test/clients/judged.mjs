// What a judge in a process of its own knows of the servers; `programs.ts` says it.
import assert from "node:assert/strict";
import { setTimeout } from "node:timers/promises";

export const { serverUrl, url, freeUrl, accountId, token, weather, longText, stoppedEarly } = JSON.parse(process.env.JUDGED);

/** A text whose echo fits into nobody's buffers, and what it takes to hear all of it. */
export const long = { text: "abc ".repeat(longText.words).slice(0, longText.length), maxTokens: longText.words };

/** Asserts that a call that is left early was stopped early: the long text was read, and at most half of it said. */
export async function assertStopsEarly(call) {
  const before = await usage();
  await call();
  let after = before;
  for (let tries = 0; tries < 200 && after.requests === before.requests; tries++) {
    await setTimeout(50);
    after = await usage();
  }
  assert.equal(after.requests, before.requests + 1);
  const neurons = after.neurons - before.neurons;
  assert.ok(neurons > stoppedEarly.moreThan && neurons < stoppedEarly.lessThan, `${neurons} neurons`);
}

async function usage() {
  const response = await fetch(`${serverUrl}/client/v4/accounts/${accountId}/ai/usage`, { headers: { authorization: `Bearer ${token}` } });
  return (await response.json()).result;
}
