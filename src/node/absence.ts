import { type ModelCard, type Models, Problem, taskOf } from "../core/index.ts";

/** The model that comes with Ganglion for the task of another one, if it is a true one. */
export function standInFor(card: ModelCard, models: Models): ModelCard | undefined {
  return models.all.find(({ origin, task, weights }) => origin === "built-in" && task === card.task && weights.length > 0);
}

/** Why nothing here runs a model, which files it wants, and the ways out. */
export function explainAbsence(card: ModelCard, models: Models): Problem {
  const runnable = card.weights.filter(({ format }) => format !== "other");
  const files = (runnable.length > 0 ? runnable : card.weights).map((source) => ({
    name: "path" in source ? source.path : [source.repository, source.file].filter(Boolean).join("/"),
  }));
  const names = files.map(({ name }) => name).join(" or ");
  const standIn = standInFor(card, models);
  const sentences = [
    card.origin === "catalogue"
      ? `the weights of ${card.name} are not here${names === "" ? "" : `: it wants ${names}`}`
      : `the file of ${card.name} is no longer at ${names}`,
    card.origin === "catalogue" && "`ganglion add NAME PATH` gives a GGUF on disk a name of its own",
    standIn && `with GANGLION_STAND_INS=1 ${standIn.name} answers ${taskOf(card.task).label} in its place`,
  ];
  return new Problem("weights-missing", sentences.filter(Boolean).join("; "), { details: { files } });
}
