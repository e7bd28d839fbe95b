"""Every size of the papers, from GB/T 9704-2012; lengths in points, named sizes as in Chinese printing."""

MM = 72 / 25.4

# Type sizes (字号).
ERHAO, SANHAO, SIHAO, XIAOSI, WUHAO, XIAOWU = 22.0, 16.0, 14.0, 12.0, 10.5, 9.0

# The page (GB/T 9704-2012, 5.1 and 5.2).
PAGE_WIDTH, PAGE_HEIGHT = 210 * MM, 297 * MM
MARGIN_TOP, MARGIN_LEFT = 37 * MM, 28 * MM
TEXT_WIDTH, TEXT_HEIGHT = 156 * MM, 225 * MM
LINES, CHARACTERS = 22, 28

# The grid: 22 lines a page, 28 characters a line.
LINE = TEXT_HEIGHT / LINES
CELL = TEXT_WIDTH / CHARACTERS
BODY_SIZE = SANHAO
BODY_TRACKING = CELL - BODY_SIZE
INDENT = 2 * CELL
# A justified line is spaced out by this much between characters at most (in ems), else left ragged.
MAX_STRETCH = 0.2

TITLE_SIZE, TITLE_LEADING = ERHAO, 34.0
TITLE_WIDTH = 20 * ERHAO

# Page number: 四号, 7 mm below the text block, one character from its outer edge (7.5).
NUMBER_SIZE = SIHAO
NUMBER_GAP = 7 * MM

# Seal: the unit's name is centred over the date, which ends four characters from the right (7.3.5).
SIGN_RIGHT = 4 * CELL
SIGN_BLANK_LINES = 2

# A page lying on its side in an upright document: its head at the binding edge (5.3, 7.4).
LANDSCAPE_WIDTH, LANDSCAPE_HEIGHT = TEXT_HEIGHT, TEXT_WIDTH
LANDSCAPE_LEFT = PAGE_HEIGHT - MARGIN_TOP - TEXT_HEIGHT
LANDSCAPE_TOP = MARGIN_LEFT

# Statistics tables: three rules, the outer ones thick.
CAPTION_SIZE, TABLE_SIZE = XIAOSI, WUHAO
TABLE_ROW, TABLE_HEAD = 18.0, 20.0
THICK, THIN, HAIR = 1.0, 0.5, 0.25

# Lists across a lying page.
LIST_SIZE, LIST_LEADING = XIAOWU, 12.0
LIST_PADDING_X, LIST_PADDING_Y = 3.0, 3.0
LIST_HEAD = 20.0
# For a row that would not fit on a page by itself: 六号.
LIST_SMALL_SIZE, LIST_SMALL_LEADING = 7.5, 9.5

# Bar charts: the smallest print of names and values.
CHART_SMALLEST = 7.5

# Greys and the red of the training mark, as PDF numbers.
HEAD_GREY, BAR_GREY = 0.93, 0.45
DEMO_RED = (0.976, 0.90, 0.89)
