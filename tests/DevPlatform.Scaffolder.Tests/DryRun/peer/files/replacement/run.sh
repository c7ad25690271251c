replaced by ${{ values.name }}
