/** Milliseconds between two drawings. */
const drawEvery = 100;
const frames = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];

/** Where people look: stderr, for stdout is what was asked for. */
export interface SpinnerOutput {
  readonly isTTY: boolean;
  readonly write: (text: string) => unknown;
}

/** Shows on a terminal that something goes on while a promise is not settled, and leaves nothing behind. What is quick shows nothing. */
export async function withSpinner<T>(text: string, output: SpinnerOutput, waiting: Promise<T>): Promise<T> {
  if (!output.isTTY) return waiting;
  const began = Date.now();
  let shown = false;
  const timer = setInterval(() => {
    const elapsed = Date.now() - began;
    if (elapsed < 4 * drawEvery) return;
    shown = true;
    const frame = frames[Math.floor(elapsed / drawEvery) % frames.length];
    output.write(`\r\u001b[2K${frame} ${text}${elapsed < 2000 ? "" : `, ${Math.floor(elapsed / 1000)} s`}`);
  }, drawEvery);
  try {
    return await waiting;
  } finally {
    clearInterval(timer);
    if (shown) output.write("\r\u001b[2K");
  }
}
