import { describe, expect, it } from "vitest";
import { filePath, repositoryName } from "./names.ts";

const hostile = [
  "../../etc/passwd",
  "a/../b",
  "a/..",
  "/etc/passwd",
  "C:/windows",
  "c:evil",
  "a\\b",
  "a//b",
  "a/b/",
  "",
  ".hidden",
  "a/.git/config",
  "a/con",
  "a/NUL.gguf",
  "a/name.",
  "a/name ",
  "a/na\u0000me",
  "a/na\nme",
  "a/%2e%2e",
  "a/\u202egguf.exe",
  "a/x?y",
  "a/x#y",
  `a/${"x".repeat(200)}`,
  "-a/b",
];

describe("names from a hub", () => {
  it.each(hostile)("%j is no name of a file", (name) => {
    expect(filePath.safeParse(name).success).toBe(false);
  });

  it.each([...hostile, "owner", "a/b/c"])("%j is no name of a repository", (name) => {
    expect(repositoryName.safeParse(name).success).toBe(false);
  });

  it("are the usual ones", () => {
    for (const name of ["TheBloke/phi-2-GGUF", "Xenova/whisper-tiny.en", "Xenova/m2m100_418M"]) {
      expect(repositoryName.safeParse(name).success).toBe(true);
    }
    for (const path of ["tokenizer.json", "onnx/model.onnx_data", "1_Pooling/config.json", "Llama-3-8B-Q4_K_M-00001-of-00002.gguf"]) {
      expect(filePath.safeParse(path).success).toBe(true);
    }
  });
});
