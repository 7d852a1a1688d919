import { dental } from './dental';
import { image } from './image';
import { media } from './media';
import { STUDIO_SLUGS, type Studio, type StudioSlug } from './studio';

export const STUDIOS: Readonly<Record<StudioSlug, Studio>> = { dental, media, image };

export function isStudioSlug(value: string): value is StudioSlug {
	return STUDIO_SLUGS.some((slug) => slug === value);
}
