import { readdirSync } from "node:fs";
import { Problem, type TaskId, taskOf, tasks } from "../core/index.ts";
import { taskOfFolder } from "../engines/onnx/index.ts";
import type { LocalModel } from "./local-models.ts";

/**
 * What a folder of ONNX files says of itself, as models.json keeps it.
 *
 * @param asked a task in the words of the catalogue or of its id, where the folder does not say one
 * @throws Problem `bad-input` where it has no graphs, and where nobody says what it does
 */
export async function onnxModel(name: string, path: string, asked: string | undefined): Promise<Omit<LocalModel, "path">> {
  if (!readdirSync(path, { recursive: true, encoding: "utf8" }).some((file) => file.endsWith(".onnx"))) {
    throw new Problem("bad-input", `there is no .onnx file in ${path}`);
  }
  const task = asked === undefined ? await taskOfFolder(path) : taskNamed(asked);
  if (!task) {
    throw new Problem(
      "bad-input",
      `the files in ${path} do not say what the model does; say it with --task, such as --task ${everyTask[0]}`,
    );
  }
  return { name, task, format: "onnx", tools: false, addedAt: Math.floor(Date.now() / 1000) };
}

const everyTask = (Object.keys(tasks) as TaskId[]).filter((task) => task !== "text-generation"); // the keys of the table

function taskNamed(name: string): TaskId {
  const wanted = name.toLowerCase();
  const found = everyTask.find((task) => task === wanted || taskOf(task).label.toLowerCase() === wanted);
  if (found) return found;
  throw new Problem("bad-input", `${JSON.stringify(name)} is no task of ONNX models; tasks are ${everyTask.join(", ")}`);
}
