import { type Media, Problem } from "../core/index.ts";

/** Text fields of a form, with numbers and booleans as what they are. */
export function fieldsOf(form: FormData): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (const [name, value] of form) {
    if (typeof value !== "string") continue;
    const plain = name !== "prompt" && name !== "model" && name !== "language";
    fields[name] =
      plain && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : plain && (value === "true" || value === "false") ? value === "true" : value;
  }
  return fields;
}

/** Files of a form under any of some names. @throws Problem where a text stands in a file's place */
export async function filesOf(form: FormData, names: readonly string[]): Promise<Media[]> {
  const parts = names.flatMap((name) => form.getAll(name));
  return Promise.all(
    parts.map(async (part) => {
      if (typeof part === "string" || part.size === 0) throw missing(names[0] ?? "");
      return { bytes: new Uint8Array(await part.arrayBuffer()), mediaType: part.type || "application/octet-stream" };
    }),
  );
}

export function missing(name: string): Problem {
  return new Problem("bad-input", `the form has no file named ${name}; send one as multipart/form-data`, {
    details: { field: `/${name}` },
  });
}
