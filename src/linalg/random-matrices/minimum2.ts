type Point = readonly [number, number];

/**
 * A local minimum of a function of two variables by the simplex method; values that are not finite count as ∞.
 *
 * @accuracy about √u of the simplex's last size; the value to some u
 * @source J. A. Nelder, R. Mead, Comput. J. 7 (1965) 308.
 */
export function minimum2(of: (point: Point) => number, [x, y]: Point, size = 0.5): Point {
  const at = (point: Point) => {
    const value = of(point);
    return { point, value: Number.isFinite(value) ? value : Infinity };
  };
  let corners = [at([x, y]), at([x + size, y]), at([x, y + size])];
  for (let step = 0; step < 400; step++) {
    corners = corners.sort((a, b) => a.value - b.value);
    const [best, middle, worst] = corners as [(typeof corners)[0], (typeof corners)[0], (typeof corners)[0]];
    const centre: Point = [(best.point[0] + middle.point[0]) / 2, (best.point[1] + middle.point[1]) / 2];
    const along = (t: number) =>
      at([centre[0] + t * (worst.point[0] - centre[0]), centre[1] + t * (worst.point[1] - centre[1])]);
    if (Math.max(...corners.flatMap(({ point }) => point.map((value, i) => Math.abs(value - best.point[i]!)))) < 1e-9)
      break;
    const reflected = along(-1);
    let next = reflected;
    if (reflected.value < best.value) {
      const expanded = along(-2);
      next = expanded.value < reflected.value ? expanded : reflected;
    } else if (!(reflected.value < middle.value)) {
      next = along(reflected.value < worst.value ? -0.5 : 0.5);
      if (!(next.value < Math.min(reflected.value, worst.value))) {
        const halved = ({ point }: typeof best) => at([(best.point[0] + point[0]) / 2, (best.point[1] + point[1]) / 2]);
        corners = [best, halved(middle), halved(worst)];
        continue;
      }
    }
    corners = [best, middle, next];
  }
  return corners.sort((a, b) => a.value - b.value)[0]!.point;
}
