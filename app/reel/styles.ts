import type { LinksFunction } from '@remix-run/cloudflare';

import smile from '../smile/smile.css?url';
import reel from './reel.css?url';

/** The sheets of the reel page, which no other page has to carry. */
export const reelStyles: LinksFunction = () => [smile, reel].map((href) => ({ rel: 'stylesheet', href }));
