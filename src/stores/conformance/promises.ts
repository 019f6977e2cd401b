import { it } from "vitest";

export type Promises<Subject> = Readonly<Record<string, (subject: Subject) => Promise<void>>>;

/** Promises that a driver does not keep, each with the reason. Such a test is expected to fail, so a reason that is no longer true fails the build. */
export type Exceptions = Readonly<Record<string, string>>;

export function describePromises<Subject>(promises: Promises<Subject>, except: Exceptions, subjectNow: () => Subject): void {
  for (const [promise, check] of Object.entries(promises)) {
    const reason = except[promise];
    if (reason === undefined) it(promise, () => check(subjectNow()));
    else it.fails(`${promise} (not kept: ${reason})`, () => check(subjectNow()));
  }
}
