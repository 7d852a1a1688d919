import { Notice } from '../components/notice';

/** In place of every way to a file: the publish gate decides about copies made here as about those that are downloaded. */
export function NoCopy({ rule }: { rule: string }) {
	return (
		<Notice kind="stop" title="No copy of this may leave">
			{rule} The reel can be looked at here.
		</Notice>
	);
}
