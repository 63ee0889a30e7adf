import type { Paint } from '../../views/paint.ts';

const asIs = (text: string): string => text;

/** No colours: to count lines, and for whoever wants none. */
export const PLAIN: Paint = { red: asIs, green: asIs, yellow: asIs, cyan: asIs, dim: asIs, bold: asIs };
