import { head } from '../views/head';
import { at } from '../state/place';
import { useView } from '../state/useView';

const entries = [
  { path: '/', name: 'Overview', section: 'overview' },
  { path: '/objectives', name: 'Objectives', section: 'objectives' },
  { path: '/traces', name: 'Traces', section: 'traces' },
  { path: '/map', name: 'Map', section: 'map' },
  { path: '/contracts', name: 'Contracts', section: 'contracts' },
  { path: '/gate', name: 'Gate', section: 'gate' },
  { path: '/inbox', name: 'Inbox', section: 'inbox' },
  { path: '/watches', name: 'Watches', section: 'watches' },
] as const;

/** The navigation with the counts that every page carries. */
export default function Header({ section }: { section: string }) {
  const counts = useView(head);
  const badge = (of: string) => {
    switch (of) {
      case 'objectives':
        return <Count tone="bad" any={counts.anyBurning} text={counts.burning} label={counts.burningLabel} />;
      case 'inbox':
        return <Count tone="accent" any={counts.anyUnread} text={counts.unread} label={counts.unreadLabel} />;
      case 'watches':
        return <Count tone="quiet" any="yes" text={counts.watches} label={counts.watchesLabel} />;
      default:
        return null;
    }
  };
  return (
    <nav aria-label="Console">
      <ul>
        {entries.map((entry) => (
          <li key={entry.path}>
            <a href={at(entry.path)} aria-current={entry.section === section ? 'page' : undefined}>
              {entry.name}
              {badge(entry.section)}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Count({ tone, any, text, label }: { tone: string; any: string; text: string; label: string }) {
  return (
    <span class="count" data-tone={tone} data-any={any}>
      <span aria-hidden="true">{text}</span>
      <span class="sr">{label}</span>
    </span>
  );
}
