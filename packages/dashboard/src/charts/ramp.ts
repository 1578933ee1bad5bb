/** Ramps of colours that everybody can read in order: their lightness goes one way, from blue over grey to orange, or from the ground to blue. */

export type Ramp = "danger" | "amount";

type Colour = readonly [red: number, green: number, blue: number];

const STOPS: Readonly<Record<Ramp, Readonly<Record<"dark" | "light", readonly Colour[]>>>> = {
  danger: {
    dark: [
      [16, 42, 71],
      [38, 88, 138],
      [110, 128, 148],
      [214, 132, 66],
      [255, 196, 120],
    ],
    light: [
      [226, 238, 252],
      [160, 198, 240],
      [186, 186, 186],
      [214, 128, 48],
      [128, 44, 0],
    ],
  },
  amount: {
    dark: [
      [20, 27, 38],
      [28, 66, 112],
      [62, 130, 205],
      [178, 214, 255],
    ],
    light: [
      [240, 244, 249],
      [168, 203, 244],
      [60, 128, 214],
      [4, 44, 104],
    ],
  },
};

const made = new Map<string, Uint32Array>();

/** 256 colours of a ramp as a canvas has them in memory: 0xAABBGGRR. */
export function rampOf(ramp: Ramp, theme: "dark" | "light"): Uint32Array {
  const key = `${ramp} ${theme}`;
  const found = made.get(key);
  if (found !== undefined) return found;
  const stops = STOPS[ramp][theme];
  const colours = Uint32Array.from({ length: 256 }, (_, index) => {
    const place = (index / 255) * (stops.length - 1);
    const at = Math.min(stops.length - 2, Math.floor(place));
    const [from, to] = [stops[at], stops[at + 1]] as [Colour, Colour];
    const [red, green, blue] = from.map((value, part) =>
      Math.round(value + ((to[part] as number) - value) * (place - at)),
    ) as [number, number, number];
    return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
  });
  made.set(key, colours);
  return colours;
}
