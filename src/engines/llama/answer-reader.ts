import { readWholeCall, createCallReader, type CallReader } from "./tool-call.ts";
import type { AnswerFormat } from "./answer-format.ts";
import { overlapOf } from "./stop-strings.ts";

/** A piece of an answer, told apart. `call` counts from 0; its first piece has the name. */
export interface AnswerPiece {
  readonly text?: string;
  readonly reasoning?: string;
  readonly call?: { readonly index: number; readonly name?: string; readonly arguments: string };
}

export interface AnswerReader {
  readonly state: "text" | "thinking" | "call";
  /** Tool calls so far. */
  readonly calls: number;
  /** Whether a call has begun of which nothing but white space is written, and that nobody holds yet. */
  readonly awaitsHold: boolean;
  /** From here on a grammar holds the call to its form, so it can be passed on as it is written. */
  hold(): void;
  /** Whether a held call is being written and not whole yet. */
  readonly holds: boolean;
  push(text: string): AnswerPiece[];
  /** What was held back, when nothing follows. A call that nobody held and that is none becomes text. */
  end(): AnswerPiece[];
}

/**
 * Tells the text of an answer from its reasoning and its tool calls, wherever the pieces are cut.
 *
 * @param begins the state that the prompt has left open
 */
export function createAnswerReader({ calls: callMarks, thinking }: AnswerFormat, begins: AnswerReader["state"]): AnswerReader {
  let state = begins;
  let calls = 0;
  let held = "";
  let reader: CallReader | undefined;
  /** White space before the first text is the model's habit after its reasoning or a call, not part of the answer. */
  let skipsSpace = begins !== "text";
  let saidText = false;
  let reasons = false;
  const thinkingMarks = thinking ?? { open: "\0", close: "\0" };

  const steps = { text: readText, thinking: readThinking, call: readCall };

  /** Each step takes what is certain from `held`; true: the state has changed, so go on. */
  function readText(pieces: AnswerPiece[], over: boolean): boolean {
    if (skipsSpace) held = held.trimStart();
    const opens = callMarks ? held.indexOf(callMarks.open) : -1;
    const thinks = thinking && !saidText && held.trimStart().startsWith(thinking.open);
    if (thinks) return enter("thinking", held.indexOf(thinkingMarks.open) + thinkingMarks.open.length);
    if (opens >= 0 && callMarks) {
      sayText(pieces, held.slice(0, opens).trimEnd());
      return enter("call", opens + callMarks.open.length);
    }
    let certain = held.length;
    if (!over) {
      if (callMarks) certain = held.slice(0, held.length - overlapOf(held, callMarks.open)).trimEnd().length;
      if (thinking && !saidText && thinking.open.startsWith(held.trimStart())) certain = 0;
    } else if (calls > 0) certain = held.trimEnd().length;
    sayText(pieces, held.slice(0, certain));
    held = held.slice(certain);
    return false;
  }

  function sayText(pieces: AnswerPiece[], text: string): void {
    if (text === "") return;
    pieces.push({ text });
    saidText ||= text.trim() !== "";
    skipsSpace = false;
  }

  function readThinking(pieces: AnswerPiece[], over: boolean): boolean {
    if (!reasons) held = held.trimStart();
    const closes = held.indexOf(thinkingMarks.close);
    const end = closes >= 0 ? closes : over ? held.length : held.length - overlapOf(held, thinkingMarks.close);
    const reasoning = held.slice(0, end).trimEnd();
    if (reasoning !== "") {
      pieces.push({ reasoning });
      reasons = true;
    }
    if (closes >= 0) return enter("text", closes + thinkingMarks.close.length);
    held = held.slice(reasoning.length);
    return false;
  }

  function readCall(pieces: AnswerPiece[], over: boolean): boolean {
    const close = callMarks?.close ?? "";
    if (reader) {
      // What a grammar holds cannot have the mark inside but in a string, where it is text.
      if (!reader.complete) {
        const { pieces: read, rest } = reader.push(held);
        held = rest;
        for (const piece of read) {
          const name = piece.name === undefined ? {} : { name: piece.name };
          pieces.push({ call: { index: calls, ...name, arguments: piece.arguments ?? "" } });
        }
        if (!reader.complete) return false;
      }
      const rest = held.trimStart();
      if (!over && close.startsWith(rest) && rest !== close) return false;
      calls++;
      reader = undefined;
      return enter("text", held.length - rest.length + (rest.startsWith(close) ? close.length : 0));
    }
    const closes = held.indexOf(close);
    if (closes < 0 && !over) return false;
    const written = closes < 0 ? held : held.slice(0, closes);
    const call = readWholeCall(written);
    if (call) pieces.push({ call: { index: calls++, ...call } });
    else sayText(pieces, (callMarks?.open ?? "") + written + (closes < 0 ? "" : close)); // white space around it is lost
    return enter("text", closes < 0 ? held.length : closes + close.length);
  }

  function enter(next: AnswerReader["state"], at: number): true {
    held = held.slice(at);
    state = next;
    skipsSpace = true;
    return true;
  }

  function readAll(over: boolean): AnswerPiece[] {
    const pieces: AnswerPiece[] = [];
    while (steps[state](pieces, over));
    return pieces;
  }

  return {
    get state() {
      return state;
    },
    get calls() {
      return calls;
    },
    get awaitsHold() {
      return state === "call" && !reader && held.trim() === "";
    },
    hold() {
      held = held.trimStart();
      reader = createCallReader();
    },
    get holds() {
      return reader !== undefined && !reader.complete;
    },
    push(text) {
      held += text;
      return readAll(false);
    },
    end: () => readAll(true),
  };
}
