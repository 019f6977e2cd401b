/** A function that `@ganglion/tiny-chat` knows how to call, and what it says about the result. */
export const weather = {
  tool: {
    name: "get_weather",
    description: "Get the weather of a city",
    parameters: {
      type: "object",
      properties: { city: { type: "string", description: "Name of the city" } },
      required: ["city"],
    } as Record<string, unknown>, // as openai's types have it
  },
  question: "What is the weather in Oslo?",
  input: { city: "Oslo" },
  result: "21 degrees and sunny",
  answer: "The result is 21 degrees and sunny.",
};
