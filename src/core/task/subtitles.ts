import type { SpokenSegment } from "./spoken.ts";

/** 61.5 as 00:01:01.500, with a comma in SRT. */
function timeOf(seconds: number, separator: "." | ","): string {
  const milliseconds = Math.max(0, Math.round(seconds * 1000));
  const part = (size: number, of: number) => String(Math.floor(milliseconds / size) % of).padStart(2, "0");
  return `${part(3_600_000, 1000)}:${part(60_000, 60)}:${part(1000, 60)}${separator}${String(milliseconds % 1000).padStart(3, "0")}`;
}

/** Segments as WebVTT or SubRip. A cue's text holds no arrow and no empty line, which would end it. */
export function subtitlesOf(segments: readonly Pick<SpokenSegment, "start" | "end" | "text">[], format: "vtt" | "srt"): string {
  const separator = format === "vtt" ? "." : ",";
  const cues = segments.map(({ start, end, text }, index) => {
    const line = text
      .trim()
      .replaceAll("-->", "->")
      .replace(/\s*\n\s*/g, "\n");
    const head = format === "srt" ? `${index + 1}\n` : "";
    return `${head}${timeOf(start, separator)} --> ${timeOf(end, separator)}\n${line}\n`;
  });
  return (format === "vtt" ? "WEBVTT\n\n" : "") + cues.join("\n");
}
