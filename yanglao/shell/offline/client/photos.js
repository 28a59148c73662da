// Photos are made small on the phone: at most 1600 pixels, JPEG. Drawing them anew leaves out what the camera
// wrote beside the picture, the place it was taken at among it.
const LONGEST = 1600;
const QUALITIES = [0.82, 0.7, 0.55, 0.4];
const ENOUGH = 900 * 1024;

export async function shrink(file) {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  let small;
  for (const quality of QUALITIES) {
    small = await new Promise((resolve) => { canvas.toBlob(resolve, "image/jpeg", quality); });
    if (small && small.size <= ENOUGH) break;
  }
  if (!small) throw new Error("no picture");
  return small;
}
