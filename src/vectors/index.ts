export { type ClosableVectorIndexes, createVectorIndexes, type VectorIndexesOptions } from "./create-vector-indexes.ts";
export * from "./vector-indexes.ts";
