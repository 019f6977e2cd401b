import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createAnswerReader, type AnswerPiece, type AnswerReader } from "./answer-reader.ts";
import { formatOf, plainFormat, type AnswerFormat } from "./answer-format.ts";

const format = formatOf("<tool_call></tool_call><think></think>");

interface Reading {
  readonly begins?: AnswerReader["state"];
  readonly holding?: boolean;
  readonly of?: AnswerFormat;
}

/** What an answer says, fed in the given pieces; with `holding`, calls are held as a grammar would. */
function read(pieces: readonly string[], { begins = "text", holding = false, of = format }: Reading = {}) {
  const reader = createAnswerReader(of, begins);
  const said: AnswerPiece[] = [];
  for (const piece of pieces) {
    said.push(...reader.push(piece));
    if (holding && reader.awaitsHold) reader.hold();
  }
  said.push(...reader.end());
  const calls: { name: string; arguments: string }[] = [];
  for (const { call } of said) {
    if (!call) continue;
    const known = (calls[call.index] ??= { name: "", arguments: "" });
    known.name += call.name ?? "";
    known.arguments += call.arguments;
  }
  return { text: said.map(({ text }) => text ?? "").join(""), reasoning: said.map(({ reasoning }) => reasoning ?? "").join(""), calls };
}

/** A text cut at arbitrary places. */
const cut = (text: string) =>
  fc.array(fc.nat(text.length), { maxLength: 12 }).map((places) => {
    const at = [0, ...places, text.length].toSorted((a, b) => a - b);
    return at.slice(1).map((end, i) => text.slice(at[i], end));
  });

describe("an answer's reader", () => {
  const answer =
    '<think>\nIt asks for weather.\n</think>\n\nLet me see.\n<tool_call>\n{"name": "look", "arguments": {"at": "a } b"}}\n</tool_call>';
  const told = { text: "Let me see.", reasoning: "It asks for weather.", calls: [{ name: "look", arguments: '{"at":"a } b"}' }] };

  it("tells text, reasoning and calls apart, wherever the pieces are cut", () => {
    fc.assert(
      fc.property(cut(answer), (pieces) => {
        expect(read(pieces)).toEqual(told);
      }),
    );
  });

  it("passes on a held call as it is written", () => {
    const pieces = [
      "<tool_call>",
      "\n",
      '{"name": "look", "argu',
      'ments": {"at": "a }',
      ' b"}}',
      "\n</tool_call>",
      " }\n",
      "<tool_call>",
      "\n",
      '{"name": "b", "arguments": {}}',
    ];
    expect(read(pieces, { holding: true })).toEqual({
      text: "}",
      reasoning: "",
      calls: [
        { name: "look", arguments: '{"at": "a } b"}' },
        { name: "b", arguments: "{}" },
      ],
    });
  });

  it("gives back as text what was to be a call and is none", () => {
    const broken = 'Well. <tool_call>\n{"name": look}\n</tool_call> So.';
    fc.assert(
      fc.property(cut(broken), (pieces) => {
        expect(read(pieces)).toEqual({ text: 'Well.<tool_call>\n{"name": look}\n</tool_call>So.', reasoning: "", calls: [] });
      }),
    );
  });

  it("gives back as text a call that the end cuts off", () => {
    expect(read(['<tool_call>\n{"name": "look", "arg'])).toMatchObject({ text: '<tool_call>\n{"name": "look", "arg', calls: [] });
  });

  it("takes for reasoning what follows a prompt that ends with the opening mark", () => {
    expect(read(["\nHm", "m.\n</thi", "nk>\n", "\nYes"], { begins: "thinking" })).toEqual({ text: "Yes", reasoning: "Hmm.", calls: [] });
  });

  it("leaves marks alone where the model has no such form", () => {
    fc.assert(
      fc.property(cut(answer), (pieces) => {
        expect(read(pieces, { of: plainFormat }).text).toBe(answer);
      }),
    );
  });

  it("loses nothing of a text without marks", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: fc.constantFrom("a", " ", "\n", "<", "t", "o", "h") })), (pieces) => {
        expect(read(pieces).text).toBe(pieces.join(""));
      }),
    );
  });
});
