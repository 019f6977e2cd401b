import { styleText } from "node:util";

export interface Greeting {
  readonly version: string;
  /** What to type for a further command: `ganglion`. */
  readonly command: string;
  readonly url: string;
  /** Where other machines reach it, if it is open and an address is known. */
  readonly urlsFromElsewhere: readonly string[];
  /** It listens on more than this machine's loopback. */
  readonly open: boolean;
  readonly dataFolder: string;
  readonly accountId: string;
  /** Shown at the first start only; undefined: it was shown before. */
  readonly token: string | undefined;
  /** The operator chose the token, and knows it. */
  readonly tokenIsChosen: boolean;
  readonly standIns: boolean;
  /** Model of the examples. */
  readonly model: string;
}

export interface Look {
  readonly colours: boolean;
  readonly windows: boolean;
}

/** What a server says on the terminal when it has started. The curl lines work as they are printed. */
export function greetingText(greeting: Greeting, look: Look): string {
  const { version, url, dataFolder, accountId, standIns } = greeting;
  const bold = (text: string) => (look.colours ? styleText("bold", text) : text);
  const curls = curlLines(greeting, look.windows);
  return [
    `${bold(`Ganglion ${version}`)} listens on ${bold(url)}, its data is in ${dataFolder}`,
    "",
    row("account id", accountId),
    row("API token", tokenText(greeting)),
    "",
    row("One API, new-api", url),
    row("OpenAI SDK", `${url}/v1`),
    row("Workers AI REST", `CLOUDFLARE_API_BASE_URL=${url}/client/v4`),
    "",
    ...openText(greeting),
    ...(standIns ? ["  Stand-ins are on: built-in models answer for models whose weights are not here.", ""] : []),
    bold("Try it:"),
    curls.run,
    curls.chat,
    "",
  ].join("\n");
}

/** What answers to every machine around must not come as a surprise. */
function openText({ open, urlsFromElsewhere }: Greeting): string[] {
  if (!open) return [];
  const where = urlsFromElsewhere.length === 0 ? "" : `: other machines reach it at ${urlsFromElsewhere.join(", ")}`;
  return [`  Open to the network${where}; what they send is not encrypted on its way.`, ""];
}

function row(name: string, value: string): string {
  return `  ${name.padEnd(24)}${value}`;
}

function tokenText({ token, tokenIsChosen, command }: Greeting): string {
  if (tokenIsChosen) return "the one in GANGLION_TOKEN";
  return token === undefined
    ? `shown at the first start; \`${command} tokens create\` makes another`
    : `${token} (keep it: it is not shown again)`;
}

function curlLines({ url, accountId, token, tokenIsChosen, model }: Greeting, windows: boolean): { run: string; chat: string } {
  const variable = windows ? "%GANGLION_TOKEN%" : "$GANGLION_TOKEN";
  const authorization = `-H "Authorization: Bearer ${token === undefined || tokenIsChosen ? variable : token}"`;
  const data = (body: object) => {
    const json = JSON.stringify(body);
    // cmd.exe knows no single quotes.
    return windows ? `-d "${json.replaceAll('"', '\\"')}"` : `-d '${json}'`;
  };
  const prompt = "Hello, who are you?";
  const chat = { model, stream: true, messages: [{ role: "user", content: prompt }] };
  return {
    run: `curl ${url}/client/v4/accounts/${accountId}/ai/run/${model} ${authorization} ${data({ prompt })}`,
    chat: `curl -N ${url}/v1/chat/completions ${authorization} -H "Content-Type: application/json" ${data(chat)}`,
  };
}
