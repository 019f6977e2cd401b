import { describe, expect, it } from "vitest";
import { openPicture } from "../../../media/index.ts";
import { mediaOf, plain } from "./pictures.case.ts";
import { createPreparation, preparationSchema, type PreparationConfig } from "./preparation.ts";
import sharp from "sharp";

const read = (config: object): PreparationConfig => preparationSchema.parse(config);
const sized = (config: object, width: number, height: number) => {
  const size = createPreparation(read(config)).sizeOf({ width, height });
  return [size.width, size.height];
};

// The preprocessor_config.json of microsoft/resnet-50, facebook/detr-resnet-50, google/vit-base-patch16-224 and openai/clip-vit-base-patch32.
const imageNet = { image_mean: [0.485, 0.456, 0.406], image_std: [0.229, 0.224, 0.225] };
const resnet = {
  crop_pct: 0.875,
  do_normalize: true,
  do_resize: true,
  feature_extractor_type: "ConvNextFeatureExtractor",
  ...imageNet,
  resample: 3,
  size: 224,
};
const detr = {
  do_normalize: true,
  do_resize: true,
  feature_extractor_type: "DetrFeatureExtractor",
  format: "coco_detection",
  ...imageNet,
  max_size: 1333,
  size: 800,
};
const newerDetr = {
  do_resize: true,
  image_processor_type: "DetrImageProcessor",
  ...imageNet,
  size: { longest_edge: 1333, shortest_edge: 800 },
};
const vit = { do_normalize: true, do_resize: true, image_mean: [0.5, 0.5, 0.5], image_std: [0.5, 0.5, 0.5], size: 224 };
const clip = {
  crop_size: 224,
  do_center_crop: true,
  do_normalize: true,
  do_resize: true,
  feature_extractor_type: "CLIPFeatureExtractor",
  ...imageNet,
  resample: 3,
  size: 224,
};

describe("a picture is scaled as transformers does for", () => {
  it.each([
    ["resnet-50: the shorter side to 256", resnet, [640, 480], [341, 256]],
    ["resnet-50, in newer form", { ...resnet, size: { shortest_edge: 224 } }, [480, 640], [256, 341]],
    ["ConvNeXt at 384: both sides", { ...resnet, size: { shortest_edge: 384 } }, [640, 480], [384, 384]],
    ["detr-resnet-50: the shorter side to 800", detr, [640, 480], [1066, 800]],
    ["detr-resnet-50: the longer side to no more than 1333", detr, [2000, 500], [1333, 333]],
    ["detr-resnet-50, in newer form", newerDetr, [500, 2000], [333, 1333]],
    ["detr-resnet-50: a strip", detr, [5000, 1], [1333, 1]],
    ["ViT: both sides", { ...vit, image_processor_type: "ViTImageProcessor" }, [640, 480], [224, 224]],
    ["ViT, in newer form", { ...vit, size: { height: 224, width: 224 } }, [640, 480], [224, 224]],
    ["CLIP: the shorter side", clip, [640, 480], [298, 224]],
    ["no size", { do_normalize: true }, [640, 480], [640, 480]],
    ["no resizing", { ...vit, do_resize: false }, [640, 480], [640, 480]],
  ] as const)("%s", (_, config, [width, height], expected) => expect(sized(config, width, height)).toEqual(expected));

  it("nothing that would be longer than memory", () => {
    expect(() => sized(resnet, 64_000_000, 1)).toThrow("'/image' is 64000000 x 1 pixels, which is too long and narrow for this model");
  });
});

const prepare = async (config: object, image: Awaited<ReturnType<typeof plain>>) =>
  createPreparation(read(config)).prepare(await openPicture(image, "/image"));

describe("the numbers of a picture", () => {
  it("are its colours less the mean, in deviations, channel by channel", async () => {
    const { data, dims } = await prepare(resnet, await plain(300, 300, [255, 0, 51]));
    expect(dims).toEqual([1, 3, 224, 224]);
    const at = (channel: number) => data[channel * 224 * 224 + 5000];
    expect(at(0)).toBeCloseTo((1 - 0.485) / 0.229, 6);
    expect(at(1)).toBeCloseTo((0 - 0.456) / 0.224, 6);
    expect(at(2)).toBeCloseTo((0.2 - 0.406) / 0.225, 6);
  });

  it("are its colours as they are where nothing is to be done", async () => {
    const { data } = await prepare({ do_rescale: false, do_normalize: false }, await plain(2, 2, [7, 8, 9]));
    expect(Array.from(data)).toEqual([7, 7, 7, 7, 8, 8, 8, 8, 9, 9, 9, 9]);
  });

  it("are those of the middle where it is cropped", async () => {
    // Columns of 0, 1, 2, …, 9, of which the middle four are 3 to 6.
    const columns = Uint8Array.from({ length: 10 * 10 * 3 }, (_, i) => Math.floor(i / 3) % 10);
    const image = mediaOf(
      await sharp(columns, { raw: { width: 10, height: 10, channels: 3 } })
        .png()
        .toBuffer(),
    );
    const config = { do_resize: false, do_center_crop: true, crop_size: { width: 4, height: 2 }, do_rescale: false, do_normalize: false };
    const { data, dims } = await prepare(config, image);
    expect(dims).toEqual([1, 3, 2, 4]);
    expect(Array.from(data).slice(0, 8)).toEqual([3, 4, 5, 6, 3, 4, 5, 6]);
  });

  it("are black beside a picture that is smaller than its crop", async () => {
    const config = { do_resize: false, do_center_crop: true, crop_size: 4, do_rescale: false, do_normalize: false };
    const { data } = await prepare(config, await plain(2, 2, [9, 9, 9]));
    expect(Array.from(data).slice(0, 16)).toEqual([0, 0, 0, 0, 0, 9, 9, 0, 0, 9, 9, 0, 0, 0, 0, 0]);
  });
});
