/** As much of a Vectorize binding as is called. */
export interface VectorizeBinding {
  describe(): Promise<{ vectorCount: number; dimensions: number }>;
  insert(vectors: readonly object[]): Promise<{ mutationId: string }>;
  upsert(vectors: readonly object[]): Promise<{ mutationId: string }>;
  query(vector: readonly number[] | Float32Array, options?: object): Promise<{ count: number; matches: { id: string; score: number }[] }>;
  queryById(id: string, options?: object): Promise<{ matches: { id: string }[] }>;
  getByIds(ids: readonly string[]): Promise<{ id: string; values: number[] }[]>;
  deleteByIds(ids: readonly string[]): Promise<{ mutationId: string }>;
}

/** What a Worker does with a Vectorize binding whose index nobody has declared. */
export async function runVectorChecks(vectors: VectorizeBinding): Promise<object> {
  const cat = { id: "cat", values: [1, 0, 0], metadata: { kind: "pet", legs: 4 }, namespace: "animals" };
  const dog = { id: "dog", values: new Float32Array([0.5, 0.5, 0]), metadata: { kind: "pet", legs: 4 } };
  const car = { id: "car", values: [0, 0, 1], metadata: { kind: "thing" } };
  const { mutationId } = await vectors.upsert([cat, dog, car]);
  await vectors.insert([{ ...car, values: [1, 0, 0] }]);
  const idsOf = ({ matches }: { matches: { id: string }[] }) => matches.map(({ id }) => id);
  const found = {
    mutation: mutationId.length,
    about: await vectors.describe(),
    nearest: await vectors.query([1, 0, 0], { topK: 2 }),
    byId: idsOf(await vectors.queryById("car", { topK: 1 })),
    filtered: idsOf(await vectors.query(new Float32Array([0, 0, 1]), { filter: { kind: { $ne: "thing" }, legs: { $gte: 4 } } })),
    inNamespace: idsOf(await vectors.query([0, 0, 1], { namespace: "animals" })),
    whole: await vectors.query([1, 0, 0], { topK: 1, returnValues: true, returnMetadata: true }),
    got: await vectors.getByIds(["car", "never"]),
    refused: await vectors.query([1]).then(String, (thrown: Error) => thrown.message),
  };
  await vectors.deleteByIds(["cat", "dog", "car"]);
  return { ...found, left: (await vectors.describe()).vectorCount };
}
