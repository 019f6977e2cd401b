import { scaled, type Pixels } from "../../../media/index.ts";

/** A picture enlarged to a size of another form: whole and undistorted in the middle, and its edges drawn on to the sides. */
export function enlarged(picture: Pixels, width: number, height: number): Pixels {
  const factor = Math.min(width / picture.width, height / picture.height);
  const middle = scaled(picture, Math.round(picture.width * factor), Math.round(picture.height * factor), "bicubic");
  if (middle.width === width && middle.height === height) return middle;
  const left = Math.floor((width - middle.width) / 2);
  const top = Math.floor((height - middle.height) / 2);
  const data = new Uint8ClampedArray(width * height * 3);
  const within = (at: number, side: number) => Math.min(side - 1, Math.max(0, at));
  for (let y = 0, at = 0; y < height; y++) {
    const row = within(y - top, middle.height) * middle.width;
    for (let x = 0; x < width; x++, at += 3) {
      const from = (row + within(x - left, middle.width)) * 3;
      data.set(middle.data.subarray(from, from + 3), at);
    }
  }
  return { width, height, data };
}
