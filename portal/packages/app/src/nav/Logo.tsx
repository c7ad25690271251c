import { Link, useSidebarOpenState } from '@backstage/core-components';
import { makeStyles } from '@material-ui/core/styles';

const useStyles = makeStyles({
  link: {
    display: 'flex',
    alignItems: 'center',
    gap: 12,
    height: 72,
    paddingLeft: 22,
    color: '#ffffff',
    fontSize: 18,
    fontWeight: 600,
    whiteSpace: 'nowrap',
    overflow: 'hidden',
  },
  mark: { flex: 'none', width: 28, height: 28 },
});

export const Logo = () => {
  const classes = useStyles();
  const { isOpen } = useSidebarOpenState();
  return (
    <Link
      to="/"
      underline="none"
      className={classes.link}
      aria-label="DevPlatform, home"
    >
      <svg className={classes.mark} viewBox="0 0 32 32" aria-hidden>
        <path
          d="M7 20l9 5 9-5M7 15l9 5 9-5M16 6l9 5-9 5-9-5z"
          fill="none"
          stroke="#7fd3ff"
          strokeWidth="2"
          strokeLinejoin="round"
        />
      </svg>
      {isOpen && <span>DevPlatform</span>}
    </Link>
  );
};
