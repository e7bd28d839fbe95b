#!/bin/sh
# The whole round by the command line, with training data: bureau → county → commissioner → county → bureau.
# At the end the figures at the county and at the bureau are the same, or the script fails.
#
#   examples/round.sh [FOLDER]        (default: a new temporary folder; the ledgers and files stay there)
#
# Files go through the folder "stick" as they would on a USB stick. APP names another command than the checkout's.
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
app=${APP:-"$here/.venv/bin/commissioner-app"}
work=${1:-$(mktemp -d)}
mkdir -p "$work/stick"
cd "$work"
COMMISSIONER_HOME="$work/home"
export COMMISSIONER_HOME
printf '演示口令-2468\n' > passphrase

step() { printf '\n== %s\n' "$1"; }
bureau() { "$app" --ledger bureau.ktledger "$@"; }
county() { "$app" --ledger county.ktledger "$@"; }
person() { "$app" --ledger person.ktledger "$@"; }

step '市科技局：用 2022 年名单建立台账，录入演示人员'
bureau init --role bureau --roster 2022 --actor 演示市局
cat > people.csv <<'CSV'
名额编号,姓名,派出单位,联系电话
2022-团-01,演示甲,河南农业大学,13800000001
2022-团-02,演示乙,河南农业大学,13800000002
CSV
bureau import roster people.csv

step '市科技局：给修武县的第一份文件（县里的电脑还没有交换过，用口令）'
bureau package make --to stick/修武县.ktpack --county 修武县 --passphrase-file passphrase

step '修武县：由这份文件建立台账，再给特派员演示甲一份'
county init --role county --county 修武县 --actor 演示县局 --from-package stick/修武县.ktpack --passphrase-file passphrase
county package make --to stick/演示甲.ktpack --commissioner 2022-团-01 --passphrase-file passphrase

step '特派员：建立台账，记两次服务，上报'
person init --role commissioner --from-package stick/演示甲.ktpack --passphrase-file passphrase
cat > visits.csv <<'CSV'
特派员,日期,天数,受援县,乡镇,受援单位,服务方式,产业,服务内容,培训人数,服务农户
演示甲,2022-09-01,1,修武县,郇封镇,演示合作社,现场指导,粮油,查看小麦备播情况并讲解拌种,30,12
演示甲,2022-09-15,0.5,修武县,郇封镇,演示合作社,技术培训,粮油,培训秋粮田间管理,45,20
CSV
person import visits visits.csv
person package make --to stick/上报.ktpack --county 修武县

step '修武县：先看，核对核对码以后接收；同一份再收一次没有变化'
county package inspect stick/上报.ktpack
county package apply stick/上报.ktpack && { echo '应当先核对'; exit 1; }
county package apply stick/上报.ktpack --accept-station
county package apply stick/上报.ktpack --json

step '修武县：上报市科技局；市科技局接收'
county package make --to stick/修武县上报.ktpack --bureau
bureau package apply stick/修武县上报.ktpack --accept-station

step '市科技局：回执和名单下发，修武县接收，再转给特派员'
bureau package make --to stick/下发.ktpack --county 修武县
county package apply stick/下发.ktpack
county package make --to stick/回执.ktpack --commissioner 2022-团-01
person package apply stick/回执.ktpack

step '两头的台账完好，报告和统计相同'
for who in bureau county person; do "$who" check; done
for who in bureau county; do
    "$who" export statistics --out "$who.csv" --year 2022
    "$who" report service --out "$who.pdf" --year 2022 --county 修武县
    # The bureau's table holds other counties, too: what both have is the county's line.
    grep '^受援县,修武县,' "$who.csv" > "$who.totals"
done
cat county.totals
cmp bureau.totals county.totals
echo "两头的统计相同。台账和文件在 $work"
