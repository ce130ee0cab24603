// Cuts a crop out of the whole picture that is here already, so that leaving the crop shows no stale picture.
import type { Bitmap } from "../state/look_pictures.svelte";
import type { Box, Picture } from "./crop";

/** The box of the picture, turned, as a canvas; null where there is no canvas to be had. */
export function cut(bitmap: Bitmap, box: Box, { aspect, deg }: Picture): Bitmap | null {
  const canvas = document.createElement("canvas");
  const scale = bitmap.height;
  [canvas.width, canvas.height] = [Math.max(1, Math.round(box.width * scale)), Math.max(1, Math.round(box.height * scale))];
  const context = canvas.getContext("2d");
  if (!context) return null;
  context.translate(canvas.width / 2 - box.x * scale, canvas.height / 2 - box.y * scale);
  context.rotate((deg * Math.PI) / 180);
  context.drawImage(bitmap as ImageBitmap, (-aspect * scale) / 2, -scale / 2, aspect * scale, scale);
  return canvas;
}
