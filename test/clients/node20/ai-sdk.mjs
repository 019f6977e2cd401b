import { createOpenAI } from "@ai-sdk/openai";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import * as ai from "ai";
import { createWorkersAI } from "workers-ai-provider";
import * as z from "zod";
import { judgeAiSdk } from "../ai-sdk.mjs";

judgeAiSdk({ ai, createOpenAICompatible, createOpenAI, createWorkersAI, z });
