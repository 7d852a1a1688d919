import type { LinksFunction } from '@remix-run/cloudflare';

import styles from './paper.css?url';

/** The sheet of the paper that a consent was signed on. */
export const paperStyles: LinksFunction = () => [{ rel: 'stylesheet', href: styles }];
