import { scaled, type Pixels } from "../../../media/index.ts";

/** A picture enlarged to a size of another form: whole and undistorted in the middle, and its edges drawn on to the sides. */
export function enlarged(picture: Pixels, width: number, height: number): Pixels {
  const factor = Math.min(width / picture.width, height / picture.height);
  const middle = scaled(picture, Math.round(picture.width * factor), Math.round(picture.height * factor), "bicubic");
  if (middle.width === width && middle.height === height) return middle;
  const left = Math.floor((width - middle.width) / 2) * 3;
  const top = Math.floor((height - middle.height) / 2);
  const row = middle.width * 3;
  const data = new Uint8ClampedArray(width * height * 3);
  for (let y = 0; y < height; y++) {
    const from = Math.min(middle.height - 1, Math.max(0, y - top)) * row;
    const at = y * width * 3;
    data.set(middle.data.subarray(from, from + row), at + left);
    for (let x = 0; x < left; x += 3) data.set(middle.data.subarray(from, from + 3), at + x);
    for (let x = left + row; x < width * 3; x += 3) data.set(middle.data.subarray(from + row - 3, from + row), at + x);
  }
  return { width, height, data };
}
