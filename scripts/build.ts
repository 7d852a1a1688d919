/** `npm run build`: the four bundles that are deployed, made by the tools that deploy them. */
import { buildBundles } from './edge/bundles';

const rebuilt = await buildBundles();
process.stdout.write(rebuilt.length === 0 ? 'Nothing changed since the last build\n' : `Built ${rebuilt.join(', ')}\n`);
