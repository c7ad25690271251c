import { Link } from '@backstage/core-components';
import IconButton from '@material-ui/core/IconButton';
import Paper from '@material-ui/core/Paper';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import StarIcon from '@material-ui/icons/Star';
import StarBorderIcon from '@material-ui/icons/StarBorder';
import { Tool } from '../api';
import { Health } from './Health';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'flex',
    flexDirection: 'column',
    gap: theme.spacing(0.5),
    padding: theme.spacing(1.5, 2),
    height: '100%',
    boxSizing: 'border-box',
  },
  head: { display: 'flex', alignItems: 'center' },
  name: { flex: '1 1 auto', fontSize: '1rem', fontWeight: 600 },
  health: { marginTop: 'auto' },
}));

/** A tool: its link, what it is for, how it is, and the star. */
export const ToolCard = (props: {
  tool: Tool;
  onFavorite: (id: string, favorite: boolean) => void;
}) => {
  const classes = useStyles();
  const { tool, onFavorite } = props;
  return (
    <Paper component="article" aria-label={tool.name} className={classes.root}>
      <div className={classes.head}>
        <Typography component="h3" className={classes.name}>
          <Link to={tool.url} target="_blank" rel="noopener noreferrer">
            {tool.name}
          </Link>
        </Typography>
        <IconButton
          size="small"
          aria-label={`${tool.name}: favorite`}
          aria-pressed={tool.favorite}
          onClick={() => onFavorite(tool.id, !tool.favorite)}
        >
          {tool.favorite ? <StarIcon color="primary" /> : <StarBorderIcon />}
        </IconButton>
      </div>
      <Typography variant="body2">{tool.description}</Typography>
      <div className={classes.health}>
        <Health of={tool.health} />
      </div>
    </Paper>
  );
};
