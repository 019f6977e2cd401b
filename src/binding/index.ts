export { type AiBinding, createAi } from "./create-ai.ts";
export { AiGatewayInternalError, AiGatewayLogNotFound, AiInternalError, InferenceUpstreamError } from "./errors.ts";
export type { Gateway, UniversalOptions, UniversalRequest } from "./gateway.ts";
export type { AiOptions } from "./run.ts";
export type { Server } from "./send.ts";
export type { Conversion, MarkdownDocument, ToMarkdown, ToMarkdownService } from "./to-markdown.ts";
