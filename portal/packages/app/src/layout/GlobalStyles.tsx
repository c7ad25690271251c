import { makeStyles } from '@material-ui/core/styles';

const absent = { display: 'none' };

const useStyles = makeStyles({
  '@global': {
    // Backstage's entity menu and task page disable what the caller may not do and offer no way to leave it out, as INV-2 wants it.
    // What is disabled there cannot be used for another reason either, such as a task that is over.
    "[role='menuitem'][aria-disabled='true']": absent,
    "[data-testid='cancel-button']:disabled": absent,
    "[data-testid='retry-button']:disabled": absent,
    "[data-testid='start-over-button']:disabled": absent,
    // Tables scroll sideways rather than break words into pieces.
    'td.MuiTableCell-body.MuiTableCell-body': {
      wordBreak: 'normal',
      overflowWrap: 'break-word',
    },
    // On a phone, an entity's tabs go on in another line rather than off the screen, and the negative margins of grids do not widen the page.
    '.bui-HeaderNavList.bui-HeaderNavList': { flexWrap: 'wrap' },
    '.bui-Container': { overflowX: 'clip' },
  },
});

/** What is different everywhere from the look of Backstage's own pages. */
export const GlobalStyles = () => {
  useStyles();
  return null;
};
