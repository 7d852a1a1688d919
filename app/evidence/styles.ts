import type { LinksFunction } from '@remix-run/cloudflare';

import styles from './evidence.css?url';

/** The sheet of the evidence page, which no other page has to carry. */
export const evidenceStyles: LinksFunction = () => [{ rel: 'stylesheet', href: styles }];
