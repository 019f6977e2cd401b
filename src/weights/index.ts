export { createFinder, type FoundWeights, type Lookout, sourcesOf, type WeightsFormat, withWeights } from "./find.ts";
export { type LockedModel, type LockedModels, readLockFile } from "./lock-file.ts";
export { lockFileIn } from "./places.ts";
export { type PullEvent, type PullOrder, type PullSettings, type Pulled, pullWeights, type RepositorySource, sourceOf } from "./pull.ts";
export { removeWeights } from "./remove.ts";
export { sizeText } from "./size-text.ts";
export { type UnfinishedPull, unfinishedPulls } from "./unfinished-pulls.ts";
export { repositoryName, filePath } from "./names.ts";
