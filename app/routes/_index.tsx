import type { MetaFunction } from '@remix-run/cloudflare';

import { STUDIOS } from '../../studios/all';
import { DentalLanding } from '../landing/dental';
import { ImageLanding } from '../landing/image';
import { MediaLanding } from '../landing/media';
import type { loader as rootLoader } from '../root';
import { useStudio } from '../shell';
import { MEASURED } from '../still';

export const handle = MEASURED;

export const meta: MetaFunction<never, { root: typeof rootLoader }> = ({ matches }) => {
	const root = matches.find(({ id }) => id === 'root')?.data;
	const { name, tagline, promise } = STUDIOS[root?.studio ?? 'dental'];
	return [{ title: `${tagline.first} ${tagline.second} · ${name}` }, { name: 'description', content: promise }];
};

const LANDINGS = { dental: DentalLanding, media: MediaLanding, image: ImageLanding } as const;

export default function Landing() {
	const StudioLanding = LANDINGS[useStudio().slug];
	return <StudioLanding />;
}
